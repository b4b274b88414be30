"""The same loop, faster: source generated for one network."""
