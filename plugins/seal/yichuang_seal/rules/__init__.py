"""Rules of sealing: pictures, certificates, signatures, places and the life of a seal; no window, no table."""
