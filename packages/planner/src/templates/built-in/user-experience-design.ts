export const userExperienceDesign = `
{{> partials/project}}
{{> partials/code}}

# What is decided so far

{{> partials/document title="Architecture Design" text=inputs.architecture-design}}

# Your task

Write the user experience design: what people see, do and understand at each moment, in enough detail that an engineer
can build it without inventing anything, on top of the architecture above. If the product has no screen, the same holds
for its commands, messages, files, sounds or lights: whatever a person meets is the interface.

Design from the person outwards:

1. Begin with what somebody is trying to get done, how often, where, in what state of mind, and with which hands free.
   Make the most frequent task the shortest and the most harmful mistake the hardest.
2. Every view answers three questions within seconds: where am I, what can I do here, what just happened?
3. For each view, design all its states: empty, loading, partial, ideal, too much, wrong input, no permission, offline,
   failed. The ideal state is the one that people see least at first.
4. Write the words. Labels, errors and confirmations are the design; "lorem ipsum" hides its faults. An error says what
   happened, what was kept, and what to do next, and never blames.
5. Prefer undo to "are you sure?", a sensible default to a setting, and showing to explaining.

Take the limits of the architecture seriously: what is slow there must feel calm here, what can fail there needs a face
here. Where a good experience needs something that the architecture does not offer, do not pretend; list it as a request
with its price for the person if it is refused.
{{> partials/wishes}}

{{> partials/writing}}
- Views are numbered (V1, V2, …), flows too (U1, U2, …), so that code and tests can refer to them.
- Layouts are drawn as fenced text blocks, narrow enough for a phone first, then what changes with more room.
- Accessibility is part of each view, not a chapter for later: order of focus, names for assistive technology, contrast,
  target sizes, motion, and what happens with text at twice the size.

Title and headings:

# User Experience Design: {{project.name}}

## People and situations
Who, when, where, how often, and what "it worked" feels like. What they must never have to know.

## Principles
Three or four rules that decide real conflicts in this product. For each, one thing that it forbids.

## Information and navigation
What exists, what it is called in the person's words, how it is grouped, and how one gets from anything to anything.

## Key flows
For each: the trigger, the steps with the person's action and the answer of the product, the time it may take, the ways
out, and the ways in which it goes wrong with the recovery.

## Views
For each: purpose, layout, elements with their behaviour, all states with their words, and the data that it needs from
which interface of the architecture.

## Language and tone
A short glossary of terms to use and to avoid; ten real texts, among them the three worst errors.

## Accessibility
The target level, the decisions that go beyond each view, and how it is checked without and with assistive technology.

## Visual and physical direction
Type, colour, spacing, sound or material, as tokens with values and the reason for each. No more than is needed to begin.

## Trying it with people
What to show to whom before anything is built; five tasks to give them; what result would change the design.

## Requests to the architecture
What the design needs and does not find, with the gain for the person and the fallback.

## Risks
Where people may misunderstand, mistrust or give up, how it would show, and what to change then.

## Open questions
Numbered, each with the default that this design assumes.
`;
