export const architectureDesign = `
{{> partials/project}}
{{> partials/code}}

# What is decided so far

{{> partials/document title="Initial Plan" text=inputs.initial-plan}}

# Your task

Write the architecture design: the parts, what each is responsible for, how they talk, where the data lives, and why
this shape fits the plan above. It is read by the engineers who will build it and by the designer of the user
interface. They must be able to work on different parts at the same time without meeting.

Work in this order, and let the text show it:

1. Take from the plan the three requirements or qualities that shape the structure most. Name them by their numbers.
   The others must fit, but these decide.
2. Sketch two structures that would really differ, not one good and one foolish. Judge both by those three, and choose.
3. Draw the boundaries where things change at different times or for different reasons, where a failure should stop, and
   where data of different sensitivity meets. A boundary that serves none of these is only cost.
4. Follow the most important request through all parts, once when it goes well and once for each way in which a part can
   be slow, absent or wrong.

Choose boring technology where the project is not about technology. Each thing that must be operated, upgraded or paid
for needs a requirement that asks for it. A single process and one file of data is an architecture; leave it only for a
reason that you can state.
{{> partials/wishes}}

{{> partials/writing}}
- Decisions are numbered (D1, D2, …), each with context, decision, alternatives, consequences, and what would make you
  revisit it.
- Interfaces are written down as they would stand in code or on the wire: names, fields with types, errors, who may call.
- Where the plan contradicts itself or cannot be met, say so in the open questions and design for the default.

Title and headings:

# Architecture Design: {{project.name}}

## Drivers
The requirements and qualities that decide, quoted by number, and what each demands of the structure.

## Overview
One diagram as a fenced text or Mermaid block, and a paragraph that a newcomer could retell.

## Components
For each: its one responsibility, what it owns, what it offers, what it uses, how it fails, and how it is tested alone.

## Data
Entities with fields and types, their keys and relations; the size after a year; what is personal; how long it is kept;
how it is backed up, migrated and deleted.

## Interfaces
Each boundary that two people could build from both sides: calls, messages or files, with errors and versions.

## Main flows
The most important request step by step, then the failure paths, then start and upgrade of the system.

## Technology choices
A table: need, choice, why, rejected alternative, what it costs to leave again.

## Qualities
How each quality of the plan is met, with the arithmetic (requests, bytes, milliseconds, money), and how it is observed.

## Security and privacy
What is worth attacking, by whom, at which boundary; what is checked there; where secrets live.

## Decisions
The numbered list.

## Risks
Technical risks with the cheapest experiment that would settle each, and when to run it.

## Open questions
Numbered, each with the default that this design assumes.
`;
