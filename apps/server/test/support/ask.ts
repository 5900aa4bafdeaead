/** Posts a chat completion and reads the whole answer. */
export async function ask(
  url: string,
  prompt: string,
  body: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<{ status: number; cache: string | null; text: string; headers: Headers }> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: prompt }], ...body }),
  });
  const text = await response.text();
  return { status: response.status, cache: response.headers.get('x-cache'), text, headers: response.headers };
}
