"""The web's door: reads settings, opens the store, wires the routes."""
