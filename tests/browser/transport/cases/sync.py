"""What happens where Python cannot simply wait."""

# mypy: ignore-errors
# One program for two libraries and many versions, chosen as it runs.

import warnings


def warnings_of_two(env):
    """The warnings of two requests, from a fresh import of ours."""
    from .versions import use

    use()
    use("httpx-0.28.1")
    import httpx
    import httpx_pyfetch

    client = httpx.Client(transport=httpx_pyfetch.PyfetchTransport())
    out = []
    for _ in range(2):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            client.get(env.url + "/status/200")
        out.append([str(warning.message) for warning in caught])
    return out


def attempt(env):
    import httpx_pyfetch

    client = env.lib.Client(transport=httpx_pyfetch.PyfetchTransport())
    try:
        client.get(env.url + "/status/200")
    except Exception as error:  # noqa: BLE001
        return {"type": type(error).__name__, "message": str(error)}
    return {}


def refusal(env):
    return attempt(env)


def from_a_callback(env):
    """Make a request where JavaScript has called Python without the means to suspend it."""
    from pyodide.code import run_js
    from pyodide.ffi import create_proxy

    outcomes = []
    callback = create_proxy(lambda: outcomes.append(attempt(env)))
    run_js("(callback) => callback()")(callback)
    callback.destroy()
    return outcomes[0]
