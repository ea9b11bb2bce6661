"""OFD files (GB/T 33190-2016) read safely and turned into PDF, so that they are seen wherever PDF is seen."""
