"""The rules of queue calling, pure: tickets, whose turn, quotas, appointments, what is said, how long it will take."""
