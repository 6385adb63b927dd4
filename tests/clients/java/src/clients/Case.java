package clients;

/** One thing that every client is tried with. */
record Case(String name, Body body) {
    interface Body {
        void run(Flavour flavour) throws Exception;
    }
}
