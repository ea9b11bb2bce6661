"""The use cases of queue calling: lines and desks, issuing and calling, what the windows show."""
