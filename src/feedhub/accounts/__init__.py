"""Who speaks: departments, their accounts and the register that lists them."""
