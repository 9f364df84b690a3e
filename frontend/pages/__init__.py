"""The pages, one a step: welcome, consent, record, listen, speak. Each reads the session and says where to go next."""
