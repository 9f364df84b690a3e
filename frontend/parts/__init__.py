"""What pages are made of: texts, controls, the waveform, the ledger's line. Each is styled by its sheet in `styles`."""
