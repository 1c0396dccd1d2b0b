"""A large made-up data set for measurements. Nothing of the site itself imports it."""
