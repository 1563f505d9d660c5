"""Who is told: subscriptions that follow the change number."""
