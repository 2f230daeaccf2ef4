import { useRef, useState } from 'react';

interface SendingOptions {
  /** Nothing is sent: at a moment of the past, or by whom the role keeps from it. */
  readonly isOff: boolean;
  /** What was sent leads to another page: nothing more is sent from this one. */
  readonly leaves?: boolean;
}

interface Sending {
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly clearError: () => void;
  /** Answers whether it was sent: it is not while commands are off, nor while something else is under way. */
  readonly send: (act: () => Promise<void>) => Promise<boolean>;
}

/** What a form sends, one thing at a time. Every way to send comes through here: a button that is off does not keep Enter in a field from it. */
export function useSending({ isOff, leaves = false }: SendingOptions): Sending {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  // State is a drawing late: a second press can come before it.
  const isUnderWay = useRef(false);
  const send = async (act: () => Promise<void>): Promise<boolean> => {
    if (isOff || isUnderWay.current) return false;
    isUnderWay.current = true;
    setBusy(true);
    setError(null);
    let isOver = !leaves;
    try {
      await act();
    } catch (failed) {
      setError(failed as Error);
      isOver = true;
    }
    if (isOver) {
      isUnderWay.current = false;
      setBusy(false);
    }
    return true;
  };
  return { isBusy, error, clearError: () => setError(null), send };
}
