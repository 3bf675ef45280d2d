"""The index estimated: features, model and training, put together by :mod:`geo.hard_to_count`."""
