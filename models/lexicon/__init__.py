"""The pronouncing dictionary: how General American says 170,000 words, in the synthesizer's notation.

`compile` merges three published dictionaries, `surface` adds the phonetic detail that two of them leave out,
`corrections.tsv` settles what they get wrong, `pronouncer` learns to say the words that are in none.
"""
