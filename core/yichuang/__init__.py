"""Yichuang 一窗: the back-office suite of a government service hall."""
