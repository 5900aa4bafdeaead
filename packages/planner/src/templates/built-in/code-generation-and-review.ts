export const codeGenerationAndReview = `
{{> partials/project}}
{{> partials/code}}

# What is decided so far

{{> partials/document title="Architecture Design" text=inputs.architecture-design}}

{{> partials/document title="Implementation Strategy" text=inputs.implementation-strategy}}

{{> partials/document title="User Experience Design" text=inputs.user-experience-design}}

# Your task

{{#if context.code}}
Write the next code of this project, the first steps of the strategy above that the existing code does not take yet, and
then review it as if a colleague had written it. It must run as it stands: somebody will copy the files over the existing
code, follow your instructions, and expect to see the first thing work. Give a changed file whole, and only files that
change; where you were not shown a file whole, do not replace it but say what has to change in it.
{{else}}
Write the first code of this project, the walking skeleton of the strategy above, and then review it as if a colleague
had written it. The code must run as it stands: somebody will copy the files into an empty folder, follow your
instructions, and expect to see the first thing work.
{{/if}}

As the author:

1. Choose the smallest set of files that goes through every essential component once, with a test that would fail if any
   of them were missing. Leave the rest out rather than stub it; an empty function that pretends is worse than a gap.
2. Follow the names, boundaries and interfaces of the documents. Where you must deviate, do it openly and list it.
3. Handle the failures that the design names: bad input, missing file, unreachable service, interruption half-way. Check
   input at the boundary, fail with a message that says what to do, release what was opened.
4. No secrets in code, no versions invented from memory when a range will do, no dependency for what ten lines can do.
5. Comments say why. Names say what.

As the reviewer, afterwards and with fresh eyes: read for what is wrong, not for what is missing. Try to break it with
empty, huge, repeated, simultaneous and hostile input. Correct in the code above what you find and can correct; record
what you found all the same, because the next person will be tempted to undo it.
{{> partials/wishes}}

{{> partials/writing}}
- Every file is one fenced code block, whole, whose opening line names the language and the path within the project:
  \`\`\`ts file=src/example.ts
  Paths are relative, use "/", and never contain "..". No file appears twice, and no "rest as before". A file that has
  fences in it, such as a README, stands between fences of four backticks.
- Commands stand in fenced blocks marked sh, without a prompt sign and without a path.
- Say in one sentence before each file what it is for and which step (S…), view (V…) or decision (D…) it serves.

Title and headings:

# Code Generation and Review: {{project.name}}

## What this code does
What a person can try when it runs, and what is deliberately absent.

## Files
A tree of all files with a word on each, then the files, those first that depend on nothing.

## Tests
The test files in the same form. For each test, the mistake that it would catch.

## Running it
From {{#if context.code}}the existing code{{else}}an empty folder{{/if}} to the first visible result: commands, expected
output, and the two most likely problems.

## Review
A numbered list of findings: severity, file and place, what happens and with which input, what was changed or why not.

## Deviations from the design
What differs from the documents above and why; what should be changed in those documents as a consequence.

## Security and data
What the code trusts, what it stores, what it would reveal in a log or an error, and what must be added before
strangers use it.

## Next steps
The three changes that should follow first, each with the file to begin in and the test to write before.

## Risks
What is most likely to need rewriting, and the sign that the time has come.

## Open questions
Numbered, each with what the code does for now.
`;
