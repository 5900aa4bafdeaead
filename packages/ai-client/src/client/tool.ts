/** A JSON schema, as an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A function that the model may call. */
export interface Tool {
  readonly name: string;
  /** When to call it and what for; read by the model. */
  readonly description?: string;
  /** Schema of the arguments. Default: none. */
  readonly parameters?: JsonSchema;
  /** Whether the provider must enforce the schema, which may then only use what its strict mode supports. Default false. */
  readonly strict?: boolean;
}

/** Whether tools are called: as the model decides, not at all, at least one, or the one with this name. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** The form of an answer's text. */
export type ResponseFormat =
  /** Any JSON object. Most providers require the prompt to mention JSON. */
  | { readonly type: 'json-object' }
  /** JSON that matches a schema, whose root must be an object. */
  | {
      readonly type: 'json-schema';
      /** Up to 64 letters, digits, `_` and `-`. */
      readonly name: string;
      readonly schema: JsonSchema;
      /** As `strict` of a tool. */
      readonly strict?: boolean;
    };
