import { useState, type ReactNode } from 'react';

/** What is settled, behind a line that says how much it is: "3 resolved", and once it is open "Hide what is resolved". Nothing where there is none. */
export function Folded({ amount, what, children }: { amount: number; what: string; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  if (amount === 0) return null;
  return (
    <>
      <button
        type="button"
        className="link"
        aria-expanded={isOpen}
        onClick={() => {
          setOpen(!isOpen);
        }}
      >
        {isOpen ? `Hide what is ${what}` : `${String(amount)} ${what}`}
      </button>
      {isOpen && children}
    </>
  );
}
