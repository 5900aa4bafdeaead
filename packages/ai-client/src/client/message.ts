/** A piece of what a user says. */
export type MessagePart =
  | { readonly type: 'text'; readonly text: string }
  /** An image by its URL; `data:image/png;base64,…` carries it along. */
  | { readonly type: 'image'; readonly url: string };

/** A call that the model wants to be made. */
export interface ToolCall {
  readonly id: string;
  /** Name of the tool. */
  readonly name: string;
  /** Parsed; `undefined` when the model wrote something that is not JSON. */
  readonly arguments: unknown;
  /** The arguments as the model wrote them, when that is not JSON. */
  readonly argumentsText?: string;
  /** What else the provider wrote with the call, such as the signature of its thought (Gemini). It goes back with the call. */
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

/** What the model said, or wanted to have called. */
export interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: string;
  readonly toolCalls?: readonly ToolCall[];
}

/** What a call came to. */
export interface ToolMessage {
  readonly role: 'tool';
  /** The `id` of the call. */
  readonly toolCallId: string;
  readonly content: string;
}

/** One turn of a conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/** A question, or the conversation so far. */
export type Prompt = string | readonly Message[];
