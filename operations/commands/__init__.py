"""The commands of `nigemichi`, a module for each subject."""
