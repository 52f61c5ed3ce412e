"""English."""

WORDS = {
    # The chat's parts
    "message": "Message",
    "placeholder": "Type a message …",
    "conversation": "Conversation",
    "key": "Key",
    "key_info": "It stays in this page's memory and goes to {host} only.",
    "key_known": "This page came with a key. Type another one to use it instead.",
    "address": "Address of the service",
    "assistant_id": "Assistant",
    "model": "Model",
    "settings": "Connection",
    "clear": "New conversation",
    "stop": "Stop",
    "send": "Send",
    "add_files": "Add files",
    "send_again": "Send again",
    "export_markdown": "Save as Markdown",
    "export_json": "Save as JSON",
    "still_waiting": "The service is taking a long time. Keep waiting, or press Stop.",
    "you": "You",
    "assistant": "Assistant",
    "step": "Tool: {name}",
    "step_failed": "Tool: {name} – failed",
    "step_arguments": "Asked with",
    "step_output": "Answer",
    "sources": "Sources",
    "file": "File",
    # What the reader can do something about
    "no_key": "Type the key you were given into the field at the top, then press *Send again*.",
    "odd_key": "This is not a key: keys have letters, digits and symbols only, and no spaces. "
    "Copy it anew into the field at the top, then press *Send again*.",
    "odd_address": "“{address}” is not the address of a service. Such an address begins with "
    "https:// and usually ends in /v1.",
    "key_refused": "The service does not accept this key. Check it in the field at the top, then "
    "press *Send again*.",
    "forbidden": "This key may not use the assistant ({reason}). Ask its owner to share it with "
    "you.",
    "not_found": "The service did not find it at {address} ({reason}). Check the assistant and "
    "the address, or tell the author of this page.",
    "rate_limit": "The service is busy at the moment ({reason}). Wait {wait}, then "
    "press *Send again*.",
    "quota": "The credit of this key is used up ({reason}). Ask whoever gave you the key.",
    "seconds": "{count} s",
    "a_minute": "a minute",
    "server_error": "The service has a problem ({status}: {reason}). Wait a moment, then press "
    "*Send again*.",
    "too_large": "This is more than the service accepts ({reason}). Send a shorter message or a "
    "smaller file.",
    "refused": "The service refused this ({status} {reason}). Change the message, or begin a new "
    "conversation.",
    "unreachable": "{address} cannot be reached. Check your network, then press *Send again*. If "
    "other pages work, the service may not allow this page's address (CORS): ask its "
    "administrator.",
    "cut": "The connection broke before the answer was complete. What came is above; press *Send "
    "again* for the whole.",
    "timeout": "The service did not answer in time. Press *Send again*, or try later.",
    "odd_answer": "The service answered in a way that this chat does not understand. Check its "
    "address, or tell the author of this page.",
    "unexpected": "This did not work ({kind}). Press *Send again*, or tell the author of this "
    "page.",
    "no_reason": "it gave no reason",
    "the_service": "The service",
    # How an answer can end
    "empty": "The assistant sent nothing. Ask in other words.",
    "stopped": "Stopped.",
    "failed": "The assistant could not answer ({reason}). Press *Send again*.",
    "overloaded": "The assistant has no capacity left ({reason}). Wait a minute, then press *Send "
    "again*.",
    "expired": "The assistant took too long, and the service gave up. Press *Send again*.",
    "cancelled": "The service stopped this answer. Press *Send again*.",
    "too_long": "The answer was cut at the length the service allows. Ask for the rest, or for a "
    "shorter one.",
    "filtered": "The service held back the rest of this answer. Ask in other words.",
    "incomplete": "The answer is not complete ({reason}). Press *Send again*.",
    "still_active": "The service is still busy with the last message. Wait a moment, then press "
    "*Send again*.",
    "too_many_rounds": "The assistant called tools again and again without an answer. Ask in "
    "other words.",
}
