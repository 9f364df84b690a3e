"""How much like the person a clone sounds, measured through the code that the browser and the server run.

`python -m models.evaluation --corpus DIR` makes the report; its judge was never trained or chosen with.
"""
