"""The walk: claim due hosts, visit their accounts, keep what is new."""
