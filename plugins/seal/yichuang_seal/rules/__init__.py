"""Rules of sealing: pictures, certificates, signatures, places, the life of a seal; no window, no table."""
