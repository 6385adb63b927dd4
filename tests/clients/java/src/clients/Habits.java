package clients;

import java.util.List;

/** What a client does where clients differ; not always what it should do. */
interface Habits {
    /** Whether a security token reaches the service. */
    boolean sendsTokens();

    /** Whether it knows that 203 means a failed callback. */
    boolean tellsAFailedCallback();

    /** Whether it goes by the service's clock once it was told that its own is wrong. */
    boolean correctsItsClock();

    /** What its upload of an empty file asks for. */
    List<String> operationsOfAnEmptyFile();

    /** What its upload of a file smaller than a part asks for. */
    List<String> operationsOfASmallFile();

    /** Each operation of an upload, with the options that go with it. */
    List<String> carriedOptions();

    /** Whether its upload asks for the callback that it was given. */
    boolean asksForCallbacksOfUploads();

    /** Parts that it sends again when only Complete was refused. */
    List<Integer> sentAgainAfterARefusedComplete();

    /** Whether it begins a new upload when its old one is gone. */
    boolean beginsALostUploadAnew();

    /** The code of its error when the answer to Complete was lost; null for an error of the network. */
    String codeOfALostAnswer();
}
