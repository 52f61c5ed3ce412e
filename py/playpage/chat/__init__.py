"""A chat with an assistant: `AssistantChat` in app.py, and the parts it is made of.

messages.py holds a conversation, service.py has it answered: by assistants.py, completions.py or
responses.py. render.py and layout.py show it. Only app.py and layout.py know Gradio.
"""
