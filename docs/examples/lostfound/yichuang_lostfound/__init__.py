"""Lost and found at the information desk: the example plugin of docs/plugin-guide.md."""
