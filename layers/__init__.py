"""Map layers: a frame in, a folium FeatureGroup and a legend out. No Streamlit."""
