/** The model APIs, as choices of a filter or form. */
export const surfaceChoices: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'chat', label: 'Chat completions' },
  { value: 'responses', label: 'Responses' },
  { value: 'messages', label: 'Messages' },
  { value: 'embeddings', label: 'Embeddings' },
];
