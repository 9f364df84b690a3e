"""The server: text and a speaker embedding in, marked speech out, nothing kept.

Data flows one way: contract check, text, synthesis, marking, encoding.
"""
