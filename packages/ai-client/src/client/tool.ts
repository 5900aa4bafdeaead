/** A JSON schema, as an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Something that the model may ask to be called. */
export interface Tool {
  readonly name: string;
  /** When and what for; the model reads it. */
  readonly description?: string;
  /** What the arguments must look like. Default: there are none. */
  readonly parameters?: JsonSchema;
  /** The provider shall hold the model to the schema; it must then keep to what the provider's strict mode knows. Default false. */
  readonly strict?: boolean;
}

/** Whether tools are called: as the model sees fit, not at all, at least one of them, or the one of this name. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** The form of an answer's text. */
export type ResponseFormat =
  /** Any JSON object. Most providers want the prompt to speak of JSON. */
  | { readonly type: 'json-object' }
  /** JSON by a schema, whose root is an object. */
  | {
      readonly type: 'json-schema';
      /** Up to 64 letters, digits, `_` and `-`. */
      readonly name: string;
      readonly schema: JsonSchema;
      /** As `strict` of a tool. */
      readonly strict?: boolean;
    };
