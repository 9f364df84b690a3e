"""The two marks that every second of our speech carries, and what marker and detector must agree on.

The neural mark (Perth) says *synthetic*; the coded mark says so again, with a payload, also over a telephone.
"""
