"""The door of the dashboard: who is let in, what goes along with every answer, what is taken in."""
