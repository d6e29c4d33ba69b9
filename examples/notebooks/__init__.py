"""The texts from which the notebooks beside this folder are made and executed."""
