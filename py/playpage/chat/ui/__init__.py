"""What a reader sees: Gradio's components and their events, and the rows of its chat.

layout.py knows Gradio; rows.py makes plain values for it. They import `languages`,
`markdown`, `messages` and `settings` of the chat, and know neither the app nor any service.
"""
