"""Fills every port from the config: the only module that knows every adapter."""
