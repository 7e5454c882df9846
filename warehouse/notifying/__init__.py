"""Word to operators by e-mail and webhook, when something is wrong and when it ends.

Not to be confused with `fct_alert`, which tells the business of its customers. Nothing
is imported here: who reads a company needs `configuration`, and no mail.
"""
