type Fields = Readonly<Record<string, unknown>>;

/** Where the API's formats have room for the URL or the content of an attachment. */
const attachmentFields: readonly string[] = ['url', 'image_url', 'file_data', 'file_url'];
const attachmentUrl = /^data:(?:image|audio|video|application\/pdf)\b/i;

/**
 * What a request of that many bytes takes as input at least: a token for four bytes, as in most languages. Encoded
 * attachments are left out, since they take far fewer.
 */
export function leastInput(body: Fields, bytes: number): number {
  return Math.max(0, Math.floor((bytes - encodedBytes(body)) / 4));
}

/** Iterative, since a request may be nested arbitrarily deep. */
function encodedBytes(body: Fields): number {
  let bytes = 0;
  const waiting: unknown[] = [body.messages, body.input];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    const fields = value as Fields;
    // What a tool is given is text, whatever it looks like.
    if (fields.type === 'tool_use') continue;
    for (const [name, member] of Object.entries(fields)) {
      if (typeof member === 'object') waiting.push(member);
      else if (typeof member === 'string' && isEncoded(name, member, fields)) bytes += member.length;
    }
  }
  return bytes;
}

function isEncoded(name: string, text: string, { type, format }: Fields): boolean {
  // Images and documents of Anthropic have a type, sound in OpenAI's format has a format.
  if (name === 'data') return type === 'base64' || typeof format === 'string';
  return attachmentFields.includes(name) && attachmentUrl.test(text);
}
