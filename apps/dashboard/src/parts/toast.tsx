import { type ComponentChildren, createContext, type JSX } from 'preact';
import { useCallback, useContext, useRef, useState } from 'preact/hooks';

type Announce = (text: string) => void;

const ToastContext = createContext<Announce>(() => undefined);
const shownMs = 5000;

/** Announces a success in a corner of the page, also to screen readers. Show failures next to the control that caused them. */
export function useToast(): Announce {
  return useContext(ToastContext);
}

/** Provider for `useToast`. */
export function Toasts({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const [text, setText] = useState<string | null>(null);
  const timer = useRef(0);
  const announce = useCallback((next: string) => {
    window.clearTimeout(timer.current);
    setText(next);
    timer.current = window.setTimeout(() => setText(null), shownMs);
  }, []);
  return (
    <ToastContext.Provider value={announce}>
      {children}
      {/* Always in the page, so that screen readers announce its changes. */}
      <div class="toasts" role="status">
        {text !== null && <p class="toast">{text}</p>}
      </div>
    </ToastContext.Provider>
  );
}
