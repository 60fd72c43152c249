"""What is shown: templates, view models, SVG maps, translations."""
