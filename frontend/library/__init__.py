"""The voices a person keeps: how one is read, checked, drawn, compared, encrypted, exported and deleted.

The modules up to `vault` import neither Panel nor `js`; the browser's storage and cipher come in through `ports`.
"""
