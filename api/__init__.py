"""What is spoken over HTTP: app, settings, routes, problems."""
