"""The two marks, looked for apart: Perth's by its network, the coded one by correlation with its patterns.

The coded mark's own rhythm, one second, also tells at what speed a sound was played since it was marked.
"""
