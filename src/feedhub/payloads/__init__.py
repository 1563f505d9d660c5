"""What was said: documents and single items exactly as a platform gave them."""
