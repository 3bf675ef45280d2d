"""A canvass: whom to reach, the turfs as asked for and shown, walks, returns and progress."""
