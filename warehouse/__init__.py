"""What is done, in plain Python; when it is done is the business of `pipelines`."""
