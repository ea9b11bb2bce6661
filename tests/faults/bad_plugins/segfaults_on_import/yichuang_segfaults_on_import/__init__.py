"""Test plugin segfaults_on_import."""
