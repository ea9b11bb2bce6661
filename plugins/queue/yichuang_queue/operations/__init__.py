"""The use cases of queue calling: lines and desks, tickets, calling, appointments, ratings, what the windows show."""
