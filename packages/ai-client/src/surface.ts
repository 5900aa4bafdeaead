/** A provider's wire format, named after its endpoint. */
export type Surface = 'chat' | 'responses' | 'messages' | 'embeddings';
