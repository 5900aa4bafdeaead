/** A part of a user message. */
export type MessagePart =
  | { readonly type: 'text'; readonly text: string }
  /** An image by its URL; `data:image/png;base64,…` embeds it. */
  | { readonly type: 'image'; readonly url: string };

/** A tool call requested by the model. */
export interface ToolCall {
  readonly id: string;
  /** Name of the tool. */
  readonly name: string;
  /** Parsed; `undefined` if the model wrote invalid JSON. */
  readonly arguments: unknown;
  /** The arguments as the model wrote them, if they are not valid JSON. */
  readonly argumentsText?: string;
  /** Other members of the call in the provider's format, such as a thought signature (Gemini). Sent back with the call. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface SystemMessage {
  readonly role: 'system';
  readonly content: string;
}

export interface UserMessage {
  readonly role: 'user';
  readonly content: string | readonly MessagePart[];
}

/** Text and tool calls of the model. */
export interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: string;
  readonly toolCalls?: readonly ToolCall[];
}

/** The result of a tool call. */
export interface ToolMessage {
  readonly role: 'tool';
  /** The `id` of the tool call. */
  readonly toolCallId: string;
  readonly content: string;
}

/** One turn of a conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/** A question, or the conversation so far. */
export type Prompt = string | readonly Message[];
