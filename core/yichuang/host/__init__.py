"""Plugin host: manifests, discovery, activation, hook calls, faults."""
