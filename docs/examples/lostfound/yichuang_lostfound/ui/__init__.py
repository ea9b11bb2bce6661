"""Pages of the plugin: the only place where it uses Qt."""
