"""What comes from the package registries: locked by version and hash, with its licence.

May use `common` alone.
"""
